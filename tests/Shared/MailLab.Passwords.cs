using System.Diagnostics;
using MailKit.Security;

namespace Refrain.Testing;

/// <summary>Mailboxes that stop answering, and come back.</summary>
public sealed partial class MailLab
{
    private static readonly SemaphoreSlim LockedOut = new(1);

    private string LockedOutFile => Path.Combine(Folder, "dovecot", "locked-out");

    /// <summary>From now on the server refuses this user's password, over SMTP and IMAP.</summary>
    public async Task LockOutAsync(string user, CancellationToken cancel = default)
    {
        await ChangeAsync(lines => lines.Append($"{user}:"), cancel);
        await WaitUntilAsync(user, isIn: false, cancel);
    }

    /// <summary>From now on the server takes this user's password again.</summary>
    public async Task LetInAsync(string user, CancellationToken cancel = default)
    {
        await ChangeAsync(lines => lines.Where(line => line != $"{user}:"), cancel);
        await WaitUntilAsync(user, isIn: true, cancel);
    }

    private async Task ChangeAsync(Func<IEnumerable<string>, IEnumerable<string>> change, CancellationToken cancel)
    {
        await LockedOut.WaitAsync(cancel);
        var lines = await File.ReadAllLinesAsync(LockedOutFile, cancel);
        await File.WriteAllLinesAsync(LockedOutFile, change(lines), cancel);
        LockedOut.Release();
    }

    /// <summary>Dovecot looks at the file once a second.</summary>
    private async Task WaitUntilAsync(string user, bool isIn, CancellationToken cancel)
    {
        var waited = Stopwatch.StartNew();
        while (await MayEnterAsync(user, cancel) != isIn)
        {
            if (waited.Elapsed > Patience) throw new TimeoutException($"{user} is {(isIn ? "still" : "not")} locked out after {waited.Elapsed.TotalSeconds:0} s");
            await Task.Delay(Pause, TimeProvider.System, cancel);
        }
    }

    private async Task<bool> MayEnterAsync(string user, CancellationToken cancel)
    {
        try
        {
            using var client = await OpenAsync(user, cancel);
            return true;
        }
        catch (AuthenticationException)
        {
            return false;
        }
    }
}
