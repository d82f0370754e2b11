namespace Refrain.Contracts;

/// <summary>A page of a list. <paramref name="Next"/>: the cursor of the next page; null on the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>The id of what was made.</summary>
public sealed record Created(string Id);
