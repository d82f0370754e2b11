using System.Net.Http.Headers;
using System.Text.Json;

namespace Refrain.Server.Demo;

/// <summary>Plays the rehearsal over the REST API of the server that runs it, as any integration would.</summary>
internal sealed class Rehearsal(HttpClient http, string key)
{
    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri"];
    private readonly Dictionary<string, Character> byEnrollment = new(StringComparer.Ordinal);
    private string sequence = "";

    /// <summary>Connects a mailbox, writes and publishes a sequence, and enrolls the cast.</summary>
    public async Task BeginAsync(CancellationToken cancel)
    {
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var server = new { host = "127.0.0.1", port = 2587, security = "starttls", user = "sales@ours.test", password = "pretend" };
        await PostAsync("mailboxes", new { name = "Sam Sales", address = "sales@ours.test", smtp = server, imap = server }, cancel);
        sequence = (await PostAsync("sequences", new
        {
            name = "Introduction",
            settings = new { weekdaysOnly = true, lateReplyWait = new { value = 2, unit = "days" }, windows = new[] { new { days = Weekdays, from = "09:00", to = "17:00" } } },
            steps = new object[]
            {
                Email(0, "An idea for {{ contact.company | default: 'you' }}", "Hello {{ contact.first_name }},\n\nmay I show you something?"),
                Email(2, "Any thoughts?", "Hello {{ contact.first_name }},\n\ndid you have a moment?"),
                new { kind = "call", title = "Call and ask", delay = new { value = 1, unit = "business_days" } },
                Email(2, "Last try", "Hello {{ contact.first_name }},\n\nI will not write again."),
            },
        }, cancel)).GetProperty("id").GetString()!;
        await PostAsync($"sequences/{sequence}/publish", new { }, cancel);
        foreach (var character in Character.Cast)
            await PostAsync("contacts", new { email = character.Email, firstName = character.FirstName, company = character.Email.Split('@', '.')[1] }, cancel);
        var enrolled = await PostAsync($"sequences/{sequence}/enrollments", new { emails = Character.Cast.Select(character => character.Email) }, cancel);
        foreach (var (id, character) in enrolled.GetProperty("enrollmentIds").EnumerateArray().Zip(Character.Cast))
            byEnrollment[id.GetString()!] = character;
    }

    /// <summary>Everybody's run as it stands: character, state, reason.</summary>
    public async Task<IReadOnlyList<(Character Who, string State, string Reason)>> LookAsync(CancellationToken cancel)
    {
        var page = await http.GetFromJsonAsync<JsonElement>($"enrollments?sequenceId={sequence}", cancel);
        return [.. page.GetProperty("items").EnumerateArray()
            .Select(run => (byEnrollment[run.GetProperty("id").GetString()!], run.GetProperty("state").GetString()!, run.GetProperty("reason").GetString()!))];
    }

    /// <summary>The salesperson of the rehearsal makes every call at once.</summary>
    public async Task DoTasksAsync(CancellationToken cancel)
    {
        var tasks = await http.GetFromJsonAsync<JsonElement>("tasks", cancel);
        foreach (var task in tasks.GetProperty("items").EnumerateArray())
            await PostAsync($"tasks/{task.GetProperty("id").GetString()}/complete", new { }, cancel);
    }

    /// <summary>The counts by state, as /stats has them.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountAsync(CancellationToken cancel)
    {
        var stats = await http.GetFromJsonAsync<JsonElement>($"sequences/{sequence}/stats", cancel);
        return stats.GetProperty("byState").EnumerateObject().ToDictionary(state => state.Name, state => state.Value.GetInt32(), StringComparer.Ordinal);
    }

    private static object Email(int days, string subject, string text) =>
        new { kind = "email", delay = new { value = days, unit = "days" }, subject, text };

    private async Task<JsonElement> PostAsync(string path, object body, CancellationToken cancel)
    {
        using var response = await http.PostAsJsonAsync(path, body, cancel);
        var answer = await response.Content.ReadAsStringAsync(cancel);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"POST {path} was answered with {(int)response.StatusCode}: {answer}");
        return JsonSerializer.Deserialize<JsonElement>(answer.Length == 0 ? "{}" : answer);
    }
}
