using System.Collections.Immutable;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Refrain.House.Tests.Switches;

/// <summary>Compiles a piece of code as our build would: with its warnings, read from Directory.Build.props and .editorconfig.</summary>
internal static class CompilerSettings
{
    public static IReadOnlyList<string> ErrorsIn(string code) => ErrorsIn(code, File.ReadAllText(Repository.Full(".editorconfig")));

    public static IReadOnlyList<string> ErrorsIn(string code, string editorconfig)
    {
        var path = Repository.Full("src/Refrain.Core/Snippet.cs");
        var config = AnalyzerConfig.Parse(editorconfig, Repository.Full(".editorconfig"));
        var severities = AnalyzerConfigSet.Create(ImmutableArray.Create(config)).GetOptionsForSourcePath(path).TreeOptions;
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            generalDiagnosticOption: Property("TreatWarningsAsErrors") == "true" ? ReportDiagnostic.Error : ReportDiagnostic.Default,
            specificDiagnosticOptions: Property("NoWarn").Split(';').Where(id => id.StartsWith("CS", StringComparison.Ordinal))
                .ToDictionary(id => id, _ => ReportDiagnostic.Suppress),
            nullableContextOptions: NullableContextOptions.Enable)
            .WithSyntaxTreeOptionsProvider(new Severities(severities));
        var compilation = CSharpCompilation.Create("Snippet", [CSharpSyntaxTree.ParseText(code, path: path)], Framework(), options);
        return [.. compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.Id)];
    }

    private static string Property(string name) =>
        string.Join(';', XDocument.Load(Repository.Full("Directory.Build.props")).Descendants(name).Select(element => element.Value));

    private static IEnumerable<MetadataReference> Framework() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal)).Select(file => MetadataReference.CreateFromFile(file));

    private sealed class Severities(ImmutableDictionary<string, ReportDiagnostic> severities) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.NotGenerated;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
            severities.TryGetValue(diagnosticId, out severity);

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = ReportDiagnostic.Default;
            return false;
        }
    }
}
