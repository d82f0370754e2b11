using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Refrain.Contracts;

namespace Refrain.EndToEnd.Tests.Running;

/// <summary>An outside program with a key. What it sends is written as the wire format says; of the answers it reads what it knows.</summary>
public sealed partial class RefrainClient : IDisposable
{
    private readonly HttpClient http;
    private readonly Func<string> log;

    /// <summary><paramref name="log"/>: what the server printed, told with an answer that is its own fault.</summary>
    public RefrainClient(Uri url, string key, Func<string>? log = null)
    {
        (Key, this.log) = (key, log ?? (() => ""));
        http = new HttpClient { BaseAddress = new Uri(url, "api/v1/"), Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public string Key { get; }

    public Task<T> GetAsync<T>(string path) => SendAsync<T>(HttpMethod.Get, path, null);

    public Task<T> PostAsync<T>(string path, object? body = null) => SendAsync<T>(HttpMethod.Post, path, body);

    public Task<T> PutAsync<T>(string path, object? body = null) => SendAsync<T>(HttpMethod.Put, path, body);

    public async Task DeleteAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Delete, path, null);
        await SucceededAsync(answer);
    }

    /// <summary>The problem document of a request that must not succeed. The body is text as it is, for what a record cannot say.</summary>
    public Task<Refused> RefusedAsync(HttpMethod method, string path, string body) => RefusedAsync(method, path, Text(body));

    /// <summary>The problem document of a request that must not succeed.</summary>
    public Task<Refused> RefusedAsync(HttpMethod method, string path, object? body = null) => RefusedAsync(method, path, Json(body));

    /// <summary>The problem document of a request that must not succeed.</summary>
    public async Task<Refused> RefusedAsync(HttpMethod method, string path, HttpContent? content)
    {
        var (made, refused) = await TryAsync<object>(method, path, content);
        return refused ?? throw new InvalidOperationException($"{method} {path} was to be refused, but gave {made}");
    }

    /// <summary>For what may be refused here or later.</summary>
    public Task<(T? Made, Refused? Refused)> TryPostAsync<T>(string path, string body) where T : class => TryAsync<T>(HttpMethod.Post, path, Text(body));

    private async Task<(T? Made, Refused? Refused)> TryAsync<T>(HttpMethod method, string path, HttpContent? content) where T : class
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.ExpectContinue = content is StreamContent;
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.IsSuccessStatusCode) return (Read<T>(text), null);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", $"{(int)answer.StatusCode} {text}");
        return (null, new(answer.StatusCode, Read<ProblemDocument>(text)));
    }

    public void Dispose() => http.Dispose();

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object? body)
    {
        using var answer = await SendAsync(method, path, body);
        return Read<T>(await SucceededAsync(answer));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = Json(body) };
        return await http.SendAsync(request);
    }

    private async Task<string> SucceededAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.IsSuccessStatusCode) return text;
        // The answer may overtake the log.
        if ((int)answer.StatusCode >= 500) await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        var words = (int)answer.StatusCode < 500 ? "" : $"\n{string.Join('\n', log().Split('\n').TakeLast(60))}";
        throw new HttpRequestException($"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri}: {(int)answer.StatusCode} {text}{words}", null, answer.StatusCode);
    }

    private static T Read<T>(string text) => text.Length == 0 ? default! : JsonSerializer.Deserialize<T>(text, WireJson.Tolerant)!;

    private static StringContent? Json(object? body) => body is null ? null : Text(JsonSerializer.Serialize(body, WireJson.Options));

    private static StringContent Text(string body) => new(body, Encoding.UTF8, "application/json");
}

/// <summary>How a request was refused.</summary>
public sealed record Refused(HttpStatusCode Status, ProblemDocument Problem)
{
    public IEnumerable<string> Fields => Problem.Errors.Select(error => error.Field);
}
