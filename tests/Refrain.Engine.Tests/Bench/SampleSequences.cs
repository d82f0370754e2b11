namespace Refrain.Engine.Tests.Bench;

/// <summary>Sequences that several tests use, as the API takes them.</summary>
internal static class SampleSequences
{
    public const string TwoEmails = """
        {"name":"Two emails","steps":[
            {"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello {{ contact.first_name }}","text":"First"},
            {"kind":"email","delay":{"value":2,"unit":"days"},"subject":"Again","text":"Second"}]}
        """;

    public const string OneEmail = """
        {"name":"One email","steps":[{"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello","text":"Only one"}]}
        """;

    public const string ManualThenCall = """
        {"name":"By hand","settings":{"stopOnReply":false},"steps":[
            {"kind":"manual_email","delay":{"value":0,"unit":"minutes"},"subject":"Dear {{ contact.first_name }}","text":"A draft"},
            {"kind":"call","title":"Call","delay":{"value":1,"unit":"hours"},"outcomes":{"not_interested":"unenroll"}}]}
        """;
}
