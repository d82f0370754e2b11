using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Refrain.Testing;

/// <summary>Runs a theory once on each database; <c>DatabaseKind</c> is its first parameter, the arguments follow it.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnEveryDatabaseAttribute(params object[] arguments) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
            [.. Enum.GetValues<DatabaseKind>().Select(kind => new TheoryDataRow([kind, .. arguments]))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
