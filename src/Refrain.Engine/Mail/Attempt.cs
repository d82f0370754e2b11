using System.Runtime.ExceptionServices;

namespace Refrain.Engine.Mail;

/// <summary>How a conversation with a server ended: what a server or the network does is a value here, not an exception.</summary>
internal sealed record Attempt<T>(T? Value, Exception? Failure);

internal static class Attempt
{
    /// <summary>Null when the work ended well, else what it failed with.</summary>
    public static async Task<Exception?> FailureOf(Func<Task> work) => (await Of(async () => { await work(); return true; })).Failure;

    public static async Task<Attempt<T>> Of<T>(Func<Task<T>> work)
    {
        var task = Begin(work);
        await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompletedSuccessfully ? new(await task, null) : new(default, task.Exception?.InnerException ?? new TaskCanceledException(task));
    }

    /// <summary>A fault of ours goes on as the exception that it was.</summary>
    public static void ThrowUnlessExplained(Exception failure)
    {
        if (!ServerWords.Explain(failure))
            ExceptionDispatchInfo.Throw(failure);
    }

    // Some of MailKit's methods throw before there is a task.
    private static async Task<T> Begin<T>(Func<Task<T>> work) => await work();
}
