using System.Text.Json.Serialization;

namespace Refrain.Contracts;

/// <summary>What went wrong, as RFC 9457 has it. <paramref name="Code"/> is stable; <paramref name="Detail"/> is for people.</summary>
/// <param name="Type">Always about:blank: the code tells problems apart.</param>
/// <param name="Title">The phrase of the status.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Errors">What is wrong with the request, field by field; empty where no field is to blame.</param>
/// <param name="Id">In a conflict: the id of what is there already.</param>
public sealed record ProblemDocument(string Type, string Title, int Status, string Detail, string Code, IReadOnlyList<FieldError> Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Id = null);

/// <summary>What is wrong with one field. <paramref name="Field"/>: where it stands in the request, like <c>steps[0].subject</c>.</summary>
public sealed record FieldError(string Field, string Code, string Message);
