using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Refrain.Server.Tests.Serving;

/// <summary>Asks the API as any program would: with text, and without its records.</summary>
internal sealed class ApiClient(HttpClient http, string? key)
{
    public Task<Reply> GetAsync(string path) => SendAsync("GET", path);

    public Task<Reply> PostAsync(string path, string? json = null) => SendAsync("POST", path, json);

    public Task<Reply> PutAsync(string path, string? json = null) => SendAsync("PUT", path, json);

    public Task<Reply> DeleteAsync(string path) => SendAsync("DELETE", path);

    public async Task<Reply> SendAsync(string method, string path, string? body = null, string type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith('/') ? path : $"/api/v1/{path}");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        using var response = await http.SendAsync(request);
        return new(
            (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(),
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }
}

/// <summary>What the API answered.</summary>
internal sealed record Reply(int Status, string? Type, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);
    public string Id => Json.GetProperty("id").GetString()!;
    public string Code => Json.GetProperty("code").GetString()!;
    public IReadOnlyList<JsonElement> Items => [.. Json.GetProperty("items").EnumerateArray()];

    /// <summary>The errors of a problem, as <c>field: code</c>.</summary>
    public IReadOnlyList<string> Errors =>
        [.. Json.GetProperty("errors").EnumerateArray().Select(error => $"{error.GetProperty("field").GetString()}: {error.GetProperty("code").GetString()}")];

    public Reply ShouldBe(int status)
    {
        Status.ShouldBe(status, Text);
        if (status >= 400) IsProblem(status);
        return this;
    }

    public string? Member(string name) => Json.GetProperty(name).ToString();

    // RFC 9457: the status in the document is the status of the response.
    private void IsProblem(int status)
    {
        Type.ShouldBe("application/problem+json");
        Json.GetProperty("status").GetInt32().ShouldBe(status);
        Json.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        Json.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        Code.ShouldMatch("^[a-z0-9_]+$");
    }
}
