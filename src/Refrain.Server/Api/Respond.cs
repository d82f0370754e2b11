using Refrain.Core.Enrollments;
using Refrain.Engine;
using Refrain.Engine.Enrollments;

namespace Refrain.Server.Api;

/// <summary>Turns what the engine answers into responses.</summary>
internal static class Respond
{
    public static IResult With<T>(T? found, string what) where T : class => found is null ? Problems.Result(Problems.NotFound(what)) : Results.Ok(found);

    /// <summary><paramref name="what"/>: what there is none of, if there is none.</summary>
    public static IResult With<T>(Answer<T> answer, string what, Func<T, IResult> done) => answer switch
    {
        Answer<T>.Done success => done(success.Value),
        Answer<T>.Missing => Problems.Result(Problems.NotFound(what)),
        Answer<T>.Wrong wrong => Problems.Result(Problems.Invalid(wrong.Problems)),
        Answer<T>.Conflict conflict => Problems.Result(Problems.Of(StatusCodes.Status409Conflict, conflict.Code, conflict.Sentence, id: conflict.Id)),
        _ => throw new InvalidOperationException($"Nobody knows the answer {answer}."),
    };

    public static IResult Ok<T>(Answer<T> answer, string what) => With(answer, what, value => Results.Ok(value));

    /// <summary>What a verb did to an enrollment: the enrollment as it is now, or why it was refused.</summary>
    public static async Task<IResult> WithAsync(DoorAnswer answer, Core.WorkspaceId workspace, EnrollmentQueries queries, CancellationToken cancel) => answer switch
    {
        { Kind: TransitionKind.Refused, After: null, Why.Code: "not_found" } => Problems.Result(Problems.NotFound("enrollment")),
        { Kind: TransitionKind.Refused } => Refused(answer.Why),
        _ => With(await queries.FindAsync(workspace, answer.Id, cancel), "enrollment"),
    };

    /// <summary>The same, of a verb that its caller can get wrong.</summary>
    public static async Task<IResult> WithAsync(Answer<DoorAnswer> answer, Core.WorkspaceId workspace, EnrollmentQueries queries, CancellationToken cancel) =>
        answer is Answer<DoorAnswer>.Done done ? await WithAsync(done.Value, workspace, queries, cancel) : Ok(answer, "enrollment");

    /// <summary>The state of the run forbids it; or it was asked for an outcome that the step does not offer, which is the caller's mistake.</summary>
    public static IResult Refused(Why why) => Problems.Result(why.Code == "unknown_outcome"
        ? Problems.Invalid("outcome", why.Code, why.Sentence)
        : Problems.Of(StatusCodes.Status409Conflict, why.Code, why.Sentence));
}
