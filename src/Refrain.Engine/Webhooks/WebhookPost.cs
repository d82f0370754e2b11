using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using NodaTime;
using Refrain.Contracts;

namespace Refrain.Engine.Webhooks;

/// <summary>What a receiver said, or that it said nothing.</summary>
internal sealed record WebhookAnswer(HttpStatusCode? Status, string Words)
{
    public bool IsAccepted => Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices;

    /// <summary>The receiver wants no more.</summary>
    public bool IsGone => Status is HttpStatusCode.Gone;
}

/// <summary>Posts one message. Redirects are not followed: a signature is for the address that was given.</summary>
internal sealed class WebhookPost(WebhookSecrets secrets, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Patience };

    public async Task<WebhookAnswer> SendAsync(DueDelivery delivery, CancellationToken cancel)
    {
        try
        {
            using var request = RequestFor(delivery, time.Now());
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            return new(response.StatusCode, $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd());
        }
        catch (HttpRequestException unreachable)
        {
            return new(null, unreachable.Message);
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(null, $"no answer within {Patience.TotalSeconds} s");
        }
    }

    private HttpRequestMessage RequestFor(DueDelivery delivery, Instant now)
    {
        var body = JsonSerializer.Serialize(delivery.Message, WireJson.Options);
        var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", delivery.MessageId);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", secrets.Sign(delivery.Secret, delivery.MessageId, now, body));
        return request;
    }

    public void Dispose() => http.Dispose();
}
