namespace Refrain.Engine;

/// <summary>What the process tells the engine.</summary>
/// <param name="PublicUrl">Where contacts reach the unsubscribe page, without a slash at its end.</param>
/// <param name="Node">The name of this process among those that share a database; new at each start.</param>
public sealed record EngineSettings(string PublicUrl, string Node);
