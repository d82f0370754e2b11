namespace Refrain.Core.Sequences;

/// <summary>What becomes of a run that is moved to another version.</summary>
public enum MoveFate
{
    /// <summary>Its step is in both versions: it goes on there, with what it waited for.</summary>
    KeepsStep,

    /// <summary>Its step is gone, or there are steps after what was the last: it goes on with another.</summary>
    GoesOn,

    /// <summary>Its step is gone and none comes after it: it ends as after a last step.</summary>
    Ends,

    /// <summary>None of its steps survives, so nothing tells how far it is: it stays in its version.</summary>
    NothingSurvives,

    /// <summary>Its steps stand in another order, so that it would meet some twice and others never: it stays in its version.</summary>
    Reordered,
}

/// <summary>Where a run goes on. <paramref name="Step"/>: of the new version; null at its end, or when it stays in its version.</summary>
public sealed record MoveTarget(MoveFate Fate, Step? Step)
{
    /// <summary>False when the run stays in the version that it is in.</summary>
    public bool IsMove => Fate is MoveFate.KeepsStep or MoveFate.GoesOn or MoveFate.Ends;
}

/// <summary>How the steps of one version lie in another. Steps are the same if their ids are.</summary>
public sealed class VersionMap
{
    private readonly Sequence from;
    private readonly Sequence to;
    private readonly MoveFate? standstill;
    private readonly Step? added;

    public VersionMap(Sequence from, Sequence to)
    {
        (this.from, this.to) = (from, to);
        var places = from.Steps.Select(step => to.Find(step.Id)?.Number).OfType<int>().ToList();
        standstill = places.Count == 0 ? MoveFate.NothingSurvives : places.Order().SequenceEqual(places) ? null : MoveFate.Reordered;
        added = places.Count == 0 ? null : to.Steps.FirstOrDefault(step => step.Number > places.Max());
    }

    /// <summary>For a run at a step of the old version; null = its steps are done.</summary>
    public MoveTarget From(StepId? current)
    {
        if (standstill is { } fate) return new(fate, null);
        if (current is { } id && to.Find(id) is { } same) return new(MoveFate.KeepsStep, same);
        var survivor = current is null ? null : from.Steps.SkipWhile(step => step.Id != current).Select(step => to.Find(step.Id)).FirstOrDefault(step => step is not null);
        if ((survivor ?? added) is { } next) return new(MoveFate.GoesOn, next);
        return new(current is null ? MoveFate.KeepsStep : MoveFate.Ends, null);
    }
}
