using System.Text.RegularExpressions;

namespace Refrain.House.Tests.Documents;

/// <summary>Links between pages and to files lead somewhere, also to the heading they name. Links out to the world are not followed.</summary>
internal static partial class LinkRules
{
    public static IEnumerable<string> Broken(IReadOnlyList<SourceFile> pages, IReadOnlyList<string> paths)
    {
        var headings = pages.ToDictionary(page => page.Path, page => Heading.Matches(WithoutCode(page.Text)).Select(found => Anchor(found.Groups["title"].Value)).ToHashSet());
        return from page in pages
               from found in Link.Matches(WithoutCode(page.Text))
               let link = found.Groups["to"].Value
               where !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal)
               where !Leads(page.Path, link, paths, headings)
               select $"{page.Path} links to {link}, which is not there";
    }

    /// <summary>How many links between our own files there are: a rule that finds none checks nothing.</summary>
    public static int Count(IReadOnlyList<SourceFile> pages) => pages.Sum(page => Link.Count(WithoutCode(page.Text)));

    private static bool Leads(string from, string link, IReadOnlyList<string> paths, Dictionary<string, HashSet<string>> headings)
    {
        var parts = link.Split('#', 2);
        var path = parts[0].Length == 0 ? from : Resolve(from, parts[0]);
        if (!paths.Any(one => one == path || one.StartsWith(path + "/", StringComparison.Ordinal))) return false;
        return parts.Length == 1 || !headings.TryGetValue(path, out var anchors) || anchors.Contains(parts[1]);
    }

    private static string Resolve(string from, string link)
    {
        var full = Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(from)!, link));
        return full.TrimStart('/').TrimEnd('/');
    }

    private static string WithoutCode(string text) => Code.Replace(text, "");

    private static string Anchor(string heading) => NotInAnchors.Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link { get; }

    [GeneratedRegex("^#+ (?<title>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading { get; }

    [GeneratedRegex("^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Code { get; }

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors { get; }
}
