namespace Refrain.Core;

/// <summary>What is wrong with something a caller gave: the field as he wrote it, a stable code, and a sentence that names the value and what is allowed.</summary>
public sealed record Problem(string Field, string Code, string Message);
