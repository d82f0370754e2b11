using Refrain.Testing;

namespace Refrain.Engine.Tests.Mail.Transcripts;

/// <summary>
/// A conversation as a protocol's RFC prints it, one line a step. <c>S: </c> the server says; <c>C: </c> it waits for a line of the client that is like this
/// (<c>*</c> = anything); <c>C: (content)</c> it reads up to the lonely dot; <c>drop</c> it closes the connection; <c>hold</c> it waits until the test lets
/// it go on; <c>== next</c> the next connection begins; <c>#</c> a note. <c>{tag}</c> stands for the client's last tag (IMAP).
/// </summary>
internal sealed record Transcript(IReadOnlyList<IReadOnlyList<string>> Connections)
{
    public static Transcript Read(string name) =>
        Parse(File.ReadAllLines(Path.Combine(SolutionFolder.Path, "tests", "Refrain.Engine.Tests", "Mail", "Transcripts", $"{name}.txt")));

    public static Transcript Parse(IEnumerable<string> lines)
    {
        var connections = new List<List<string>> { new() };
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line == "== next")
                connections.Add([]);
            else
                connections[^1].Add(line);
        }
        return new(connections);
    }
}
