using System.Runtime.CompilerServices;

namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>The pieces that may follow another, shared by all pieces before them, and ordered at their first use.</summary>
internal sealed class Continuation(PhrasePiece[] pieces, bool mayBeMissing)
{
    private PieceIndex? index;

    public PhrasePiece[] Pieces => pieces;

    public int Count => pieces.Length;

    /// <summary>Whether the phrase may as well end before them.</summary>
    public bool MayBeMissing => mayBeMissing;

    public PieceIndex Index => LazyInitializer.EnsureInitialized(ref index, () => new PieceIndex(pieces));

    /// <summary>Joins what several phrases go on with after one piece; pieces that go on alike share it.</summary>
    internal sealed class Sharing
    {
        private readonly Dictionary<PhrasePiece, List<Continuation>> parts = [];
        private readonly Dictionary<string, Continuation> joined = new(StringComparer.Ordinal);

        public void Add(PhrasePiece piece, Continuation? next)
        {
            if (next is null) return;
            if (!parts.TryGetValue(piece, out var known)) parts[piece] = known = [];
            if (!known.Contains(next)) known.Add(next);
        }

        public IEnumerable<(PhrasePiece Piece, Continuation Joined)> Joined() => parts.Select(pair => (pair.Key, Join(pair.Value)));

        private Continuation Join(List<Continuation> several)
        {
            if (several.Count == 1) return several[0];
            var key = string.Join(' ', several.Select(RuntimeHelpers.GetHashCode));
            if (!joined.TryGetValue(key, out var found)) joined[key] = found = new Continuation([.. several.SelectMany(part => part.Pieces)], false);
            return found;
        }
    }
}
