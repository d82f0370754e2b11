using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine;

/// <summary>How a request ended that its caller can get wrong.</summary>
public abstract record Answer<T>
{
    private Answer() { }

    /// <summary>It is done.</summary>
    public sealed record Done(T Value) : Answer<T>;

    /// <summary>There is no such thing in this workspace.</summary>
    public sealed record Missing : Answer<T>, IUnwritten;

    /// <summary>The request is wrong; nothing was written.</summary>
    public sealed record Wrong(IReadOnlyList<Problem> Problems) : Answer<T>, IUnwritten;

    /// <summary>It does not fit what is there; nothing was written. <paramref name="Id"/>: of what is in the way.</summary>
    public sealed record Conflict(string Code, string Sentence, string? Id = null) : Answer<T>, IUnwritten;

    public static implicit operator Answer<T>(T value) => new Done(value);
}
