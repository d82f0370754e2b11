using System.Net.Http.Headers;
using System.Net.Http.Json;
using Refrain.Contracts;

namespace Refrain.Cli.Commands;

/// <summary>A server over HTTP: <c>REFRAIN_URL</c>, and a key in <c>REFRAIN_KEY</c>.</summary>
internal sealed class ApiConnection : IDisposable
{
    public const string UrlVariable = "REFRAIN_URL";
    public const string KeyVariable = "REFRAIN_KEY";
    private const string DefaultUrl = "http://127.0.0.1:5080";
    private readonly HttpClient http;

    private ApiConnection(HttpClient http) => this.http = http;

    /// <summary>The exit code of <paramref name="use"/>; with a message, 1 when the server refuses or cannot be reached, 2 when the environment does not say how.</summary>
    public static async Task<int> UseAsync(string command, Func<ApiConnection, Task<int>> use)
    {
        var url = Environment.GetEnvironmentVariable(UrlVariable) is { Length: > 0 } given ? given : DefaultUrl;
        var key = Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrWhiteSpace(key)) return await WrongAsync(command, $"set {KeyVariable} to an API key; `refrain key create` makes one.");
        if (!Uri.TryCreate(url.TrimEnd('/') + "/api/v1/", UriKind.Absolute, out var address)) return await WrongAsync(command, $"{UrlVariable} is \"{url}\", which is no address.");
        using var connection = new ApiConnection(new() { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan });
        connection.http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            return await use(connection);
        }
        catch (HttpRequestException unreachable)
        {
            await Console.Error.WriteLineAsync($"refrain {command}: {url} cannot be reached. {unreachable.Message}");
            return RootCommandFactory.Failed;
        }
        catch (RefusedException refused)
        {
            await Console.Error.WriteLineAsync($"refrain {command}: {refused.Message}");
            return RootCommandFactory.Failed;
        }
    }

    public async Task<T> GetAsync<T>(string path, CancellationToken cancel)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), cancel);
        return await ReadAsync<T>(response, cancel);
    }

    public async Task<T> PostAsync<T>(string path, HttpContent content, CancellationToken cancel)
    {
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancel);
        return await ReadAsync<T>(response, cancel);
    }

    public void Dispose() => http.Dispose();

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.IsSuccessStatusCode) return (await response.Content.ReadFromJsonAsync<T>(WireJson.Tolerant, cancel))!;
        throw new RefusedException(await WhyAsync(response, cancel));
    }

    private static async Task<string> WhyAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json") return $"the server answered {(int)response.StatusCode}.";
        var problem = (await response.Content.ReadFromJsonAsync<ProblemDocument>(WireJson.Tolerant, cancel))!;
        return problem.Errors.Count < 2 ? problem.Detail : string.Join('\n', problem.Errors.Select(error => $"{error.Field}: {error.Message}").Prepend(problem.Detail));
    }

    private static async Task<int> WrongAsync(string command, string message)
    {
        await Console.Error.WriteLineAsync($"refrain {command}: {message}");
        return RootCommandFactory.WrongUsage;
    }

    private sealed class RefusedException(string message) : Exception(message);
}
