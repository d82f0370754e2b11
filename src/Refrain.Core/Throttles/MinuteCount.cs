using System.Runtime.InteropServices;
using NodaTime;

namespace Refrain.Core.Throttles;

/// <summary>How many sends servers accepted, or were promised, in the minute that begins at <paramref name="Minute"/>.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MinuteCount(Instant Minute, int Count);
