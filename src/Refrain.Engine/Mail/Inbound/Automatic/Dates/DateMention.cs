namespace Refrain.Engine.Mail.Inbound.Automatic.Dates;

/// <summary>
/// A day as a text names it, not yet placed in time. <c>First</c> and <c>Second</c> are the two numbers of a form such as
/// 03/04, whose order is open; else <c>Day</c> and <c>Month</c> are known, as far as the text goes.
/// </summary>
internal sealed record DateMention(int Start, int End)
{
    public int? Year { get; init; }

    public int? Month { get; init; }

    public int? Day { get; init; }

    public (int First, int Second)? Open { get; init; }

    /// <summary>The order that a form such as 12/23 gives away.</summary>
    public DateOrder Order { get; init; }

    public int? Weekday { get; init; }

    public int? Week { get; init; }

    public bool IsNextWeek { get; init; }

    public bool IsTomorrow { get; init; }

    /// <summary>Behind "22 to": the number of the first day, or week, of the span that ends here.</summary>
    public int? SpanStart { get; init; }

    public bool EndsSpan => SpanStart is not null;

    public bool IsOnlyWeekday => Weekday is not null && Day is null && Open is null && Week is null;

    public bool HasDay => Day is not null || Open is not null;
}
