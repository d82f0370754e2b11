namespace Refrain.Core.Enrollments;

/// <summary>Who made something happen.</summary>
public enum ActorKind
{
    /// <summary>The engine itself: a time that came, an outcome that was read.</summary>
    Engine,

    /// <summary>A user of the workspace, by page, API or CLI.</summary>
    User,

    /// <summary>The contact: by a reply, a link, a complaint, or his mail server.</summary>
    Contact,

    /// <summary>A rule of the sequence or of a connected system.</summary>
    Rule,
}

/// <summary>Who made something happen, with the user's id or the rule's name where there is one. On the wire: <c>user:0199…</c>, <c>engine</c>.</summary>
public sealed record Actor(ActorKind Kind, string? Name = null)
{
    public static Actor Engine { get; } = new(ActorKind.Engine);
    public static Actor Contact { get; } = new(ActorKind.Contact);
    public static Actor User(UserId id) => new(ActorKind.User, id.ToString());

    public override string ToString()
    {
        var kind = Kind switch
        {
            ActorKind.Engine => "engine",
            ActorKind.User => "user",
            ActorKind.Contact => "contact",
            ActorKind.Rule => "rule",
        };
        return Name is null ? kind : $"{kind}:{Name}";
    }
}
