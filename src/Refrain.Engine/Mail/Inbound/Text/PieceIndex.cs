namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>Pieces of phrases as a tree of their characters: whatever begins alike is compared once.</summary>
internal sealed class PieceIndex
{
    private readonly ulong[] starts = new ulong[128];
    private readonly Node root;

    public PieceIndex(PhrasePiece[] pieces)
    {
        var sorted = pieces.Select((piece, ordinal) => new Entry(piece, ordinal)).OrderBy(entry => entry.Piece.Text, StringComparer.Ordinal).ToArray();
        root = Node.Of(sorted, 0);
        foreach (var piece in pieces) starts[Slot(Key(piece.Text, 0))] |= 1UL << (Key(piece.Text, 0) & 63);
    }

    /// <summary>Where to begin to compare the text there, or null if no piece begins with its first two characters.</summary>
    public Node? At(ReadOnlySpan<char> text, int at) => MayStart(Key(text, at)) || MayStart(text[at]) ? root : null;

    private bool MayStart(int key) => (starts[Slot(key)] & (1UL << (key & 63))) != 0;

    /// <summary>The first two characters in one number; a phrase of one character has its own.</summary>
    private static int Key(ReadOnlySpan<char> text, int at) => at + 1 < text.Length ? text[at] | (text[at + 1] << 16) : text[at];

    private static int Slot(int key) => (int)(((uint)key * 2654435769u) >> 25);

    internal readonly record struct Entry(PhrasePiece Piece, int Ordinal);

    /// <summary>What has been read so far: the pieces that end with it, and how it may go on.</summary>
    internal sealed class Node
    {
        private const int FewEnough = 6;
        private readonly char[] characters;
        private readonly Node[] nodes;

        private Node(Entry[] ends, char[] characters, Node[] nodes, string? only)
        {
            Ends = ends;
            this.characters = characters;
            this.nodes = nodes;
            Only = only;
        }

        /// <summary>The pieces that end here, or behind <see cref="Only"/>.</summary>
        public Entry[] Ends { get; }

        /// <summary>Where there is but one way on, the characters that have to follow.</summary>
        public string? Only { get; }

        /// <summary>The tree of entries that are sorted by their text and alike in the first characters.</summary>
        public static Node Of(ReadOnlySpan<Entry> entries, int depth)
        {
            if (entries.Length > 0 && entries[0].Piece.Text.Length > depth && entries[^1].Piece.Text == entries[0].Piece.Text) return new Node(entries.ToArray(), [], [], entries[0].Piece.Text[depth..]);
            var ending = 0;
            while (ending < entries.Length && entries[ending].Piece.Text.Length == depth) ending++;
            var continuations = new List<char>();
            var followers = new List<Node>();
            for (var start = ending; start < entries.Length;)
            {
                var c = entries[start].Piece.Text[depth];
                var end = start;
                while (end < entries.Length && entries[end].Piece.Text[depth] == c) end++;
                continuations.Add(c);
                followers.Add(Of(entries[start..end], depth + 1));
                start = end;
            }

            return new Node(entries[..ending].ToArray(), [.. continuations], [.. followers], null);
        }

        public Node? Next(char c)
        {
            var index = characters.Length <= FewEnough ? characters.AsSpan().IndexOf(c) : Array.BinarySearch(characters, c);
            return index < 0 ? null : nodes[index];
        }
    }
}
