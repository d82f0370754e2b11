using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>
/// Which addresses in the words of a report failed. An address that opens a line, or follows words like "recipient", is one;
/// our own, the reporter's, and those in an offer of help are none.
/// </summary>
internal static class FailedAddresses
{
    private static readonly PhraseFile File = PhraseFile.Read("report-addresses");
    private static readonly PhraseSet Introductions = new(File["before a failed address"]);
    private static readonly PhraseSet OtherUses = new(File["before another address"]);
    private static readonly PhraseSet OtherLines = new([.. File["line about another address"], .. File["message id"]]);
    private static readonly IReadOnlyList<string> ListBegins = File["list of failed addresses begins"];
    private static readonly string[] Roles = ["postmaster", "mailer-daemon", "abuse", "support", "helpdesk", "noreply", "no-reply", "admin", "administrator", "hostmaster", "mailadmin"];
    private static readonly string[] RolesOfLists = ["-owner", "-request", "-bounces", "-admin", "-help"];

    public static IReadOnlyList<string> In(string head, IncomingMail mail, OriginalMessage original)
    {
        var ours = OwnOf(mail, original);
        var certain = new List<string>();
        var possible = new List<string>();
        var excluded = new List<string>();
        head = WithoutId(head, original);
        var list = AfterListBegins(head);
        if (list.Length < head.Length)
        {
            foreach (var line in list.EnumerateLines()) Sort(line, ours, certain, possible, excluded);
            if (certain.Count > 0) return Some(certain);
        }

        certain.Clear();
        foreach (var line in head.AsSpan().EnumerateLines()) Sort(line, ours, certain, possible, excluded);
        List<string> only = original.Recipients.Count == 1 ? [original.Recipients[0]] : [];
        List<string> persons = [.. excluded.Where(address => !IsRole(address))];
        foreach (var candidates in (ReadOnlySpan<List<string>>)[certain, InOriginal(possible, original), possible, persons, only, excluded])
        {
            if (candidates.Count > 0) return Some(candidates);
        }

        return [];
    }

    /// <summary>Does an address stand where reports name those that failed?</summary>
    public static bool AreNamed(string head, IncomingMail mail, OriginalMessage original)
    {
        var ours = OwnOf(mail, original);
        var certain = new List<string>();
        foreach (var line in WithoutId(head, original).AsSpan().EnumerateLines()) Sort(line, ours, certain, [], []);
        return certain.Count > 0;
    }

    /// <summary>An id looks like an address, and in a table it opens a line.</summary>
    private static string WithoutId(string head, OriginalMessage original) =>
        original.MessageId is { } id ? head.Replace(id.Trim('<', '>'), "", StringComparison.OrdinalIgnoreCase) : head;

    private static HashSet<string> OwnOf(IncomingMail mail, OriginalMessage original)
    {
        var ours = new HashSet<string>(mail.AddressesIn("To", "Delivered-To", "X-Original-To", "Envelope-To", "From", "Sender"), StringComparer.OrdinalIgnoreCase);
        ours.UnionWith(original.Senders);
        return ours;
    }

    private static List<string> Some(List<string> addresses) => [.. addresses.Distinct(StringComparer.OrdinalIgnoreCase).Take(ReportVerdict.MostRecipients)];

    /// <summary>What follows a line like "did not reach the following recipient(s):"; all of it where there is none.</summary>
    private static ReadOnlySpan<char> AfterListBegins(string head)
    {
        foreach (var begin in ListBegins)
        {
            var at = head.IndexOf(begin, StringComparison.OrdinalIgnoreCase);
            if (at >= 0) return head.AsSpan(at + begin.Length);
        }

        return head;
    }

    private static List<string> InOriginal(List<string> possible, OriginalMessage original)
    {
        var recipients = original.Recipients.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. possible.Where(recipients.Contains)];
    }

    private static void Sort(ReadOnlySpan<char> line, HashSet<string> ours, List<string> certain, List<string> possible, List<string> excluded)
    {
        if (!line.Contains('@')) return;
        if (line.Length > 2000) line = line[..2000];
        var folded = Folding.Fold(line.ToString());
        if (OtherLines.IsIn(folded)) return;
        var addresses = Addresses.In(line);
        for (var index = 0; index < addresses.Count; index++)
        {
            var found = addresses[index];

            // "display@name <address>": the first is what somebody typed as a name.
            if (index + 1 < addresses.Count && line[found.End..addresses[index + 1].Index] is " <") continue;
            var before = Folding.Fold(line[..found.Index].ToString()).AsSpan().TrimEnd("<\"'([:=|; ").ToString();
            var label = found.Index > 0 && line[found.Index - 1] == '<' ? WithoutName(Folding.Fold(line[..(found.Index - 1)].ToString())) : before;
            var address = found.Address;
            if (EndsWith(OtherUses, before) || EndsWith(OtherUses, label)) continue;
            if (ours.Contains(address) || IsRole(address)) excluded.Add(address);
            else if (before.AsSpan().Trim("<>*-=|#\"'()[]:.0123456789 ").Length == 0 || EndsWith(Introductions, before) || EndsWith(Introductions, label)) certain.Add(address);
            else possible.Add(address);
        }
    }

    /// <summary>What stands before the name in <c>recipient: Name &lt;address&gt;</c> or <c>message to "Name" &lt;address&gt;</c>.</summary>
    private static string WithoutName(string before)
    {
        var quoted = before.EndsWith('"') && before.Length > 1;
        var name = quoted ? before.LastIndexOf('"', before.Length - 2) : before.LastIndexOfAny([':', '=']);
        return name < 0 ? before : before[..name].TrimEnd("\"'([:=|; ".ToCharArray());
    }

    private static bool IsRole(string address)
    {
        foreach (var role in Roles)
        {
            if (address.StartsWith(role, StringComparison.OrdinalIgnoreCase) && address.Length > role.Length && address[role.Length] == '@') return true;
        }

        foreach (var role in RolesOfLists)
        {
            if (address.Contains(role + "@", StringComparison.OrdinalIgnoreCase)) return true;
        }

        return address.StartsWith("owner-", StringComparison.OrdinalIgnoreCase);
    }

    private static bool EndsWith(PhraseSet phrases, string text)
    {
        foreach (var hit in phrases.FindAll(text))
        {
            if (hit.End == text.Length) return true;
        }

        return false;
    }
}
