using Refrain.Contracts;
using Refrain.Core.Contacts;

namespace Refrain.Engine.Mailboxes;

/// <summary>What can be wrong with the settings of a mailbox.</summary>
internal static class MailboxProblems
{
    private const int MostEmails = 10_000;
    private const int ADay = 86_400;

    public static Findings Find(MailboxSettings mailbox, bool isNew, out EmailAddress address)
    {
        var findings = new Findings();
        findings.Text("name", mailbox.Name, 200);
        address = findings.Address("address", mailbox.Address);
        AddServer(findings, "smtp", mailbox.Smtp, isNew);
        AddServer(findings, "imap", mailbox.Imap, isNew);
        findings.Within("dailyCap", mailbox.DailyCap, 1, MostEmails);
        findings.Within("hourlyCap", mailbox.HourlyCap, 1, MostEmails);
        if (mailbox.HourlyCap > mailbox.DailyCap)
            findings.Add("hourlyCap", "out_of_range", $"hourlyCap is {mailbox.HourlyCap}, more than the {mailbox.DailyCap} of dailyCap.");
        findings.Within("minimumGapSeconds", mailbox.MinimumGapSeconds, 0, ADay);
        findings.Within("gapJitterSeconds", mailbox.GapJitterSeconds, 0, ADay);
        findings.Within("domainDailyCap", mailbox.DomainDailyCap, 1, MostEmails);
        if (mailbox.DomainDailyCap > mailbox.DailyCap)
            findings.Add("domainDailyCap", "out_of_range", $"domainDailyCap is {mailbox.DomainDailyCap}, more than the {mailbox.DailyCap} of dailyCap.");
        if (mailbox.RampUp is { } ramp) AddRamp(findings, ramp, mailbox.DailyCap);
        return findings;
    }

    private static void AddRamp(Findings findings, MailboxRampUp ramp, int? dailyCap)
    {
        if (dailyCap is null) findings.Add("dailyCap", "required", "dailyCap is missing: rampUp grows until it is reached.");
        findings.Within("rampUp.first", ramp.First, 1, dailyCap ?? MostEmails);
        findings.Within("rampUp.perDay", ramp.PerDay, 1, MostEmails);
        findings.Zone("rampUp.timeZone", ramp.TimeZone);
    }

    private static void AddServer(Findings findings, string field, MailServerSettings server, bool isNew)
    {
        findings.Text($"{field}.host", server.Host, 255);
        if (Uri.CheckHostName(server.Host) == UriHostNameType.Unknown && !string.IsNullOrWhiteSpace(server.Host))
            findings.Add($"{field}.host", "invalid_host", $"\"{server.Host}\" is neither a host name nor an IP address.");
        findings.Within($"{field}.port", server.Port, 1, 65_535);
        findings.Text($"{field}.user", server.User, 320);
        if (isNew && server.Password is null) findings.Add($"{field}.password", "required", $"{field}.password is missing.");
        findings.Length($"{field}.password", server.Password, 10_000);
    }
}
