using Refrain.Core;
using Refrain.Engine.Contacts;
using Refrain.Engine.Storage;
using Refrain.Engine.Suppressions;

namespace Refrain.Engine.Inbound;

/// <summary>What a misread message left on addresses and people: suppressions, bad addresses, absences. They go, unless another message says the same.</summary>
internal static class Marks
{
    /// <summary>Returns those who are no longer said to be away by it.</summary>
    public static async Task<IReadOnlyList<ContactId>> WithdrawAsync(Session session, MessageRow message, CancellationToken cancel)
    {
        await SuppressionGrounds.WithdrawAsync(session, message.Workspace, message.Id, cancel);
        return await KnownAbsences.WithdrawAsync(session, message.Id, cancel);
    }
}
