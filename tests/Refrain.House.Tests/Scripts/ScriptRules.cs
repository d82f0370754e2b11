namespace Refrain.House.Tests.Scripts;

/// <summary>A script stops at its first failing command.</summary>
internal static class ScriptRules
{
    public static IEnumerable<string> Careless(IReadOnlyList<SourceFile> scripts) =>
        scripts.Where(script => script.Text.StartsWith("#!", StringComparison.Ordinal))
            .Where(script => !script.Text.Contains("\nset -euo pipefail\n", StringComparison.Ordinal))
            .Select(script => $"{script.Path} goes on after a failure: set -euo pipefail");
}
