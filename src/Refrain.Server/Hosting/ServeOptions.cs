namespace Refrain.Server.Hosting;

/// <summary>What <c>refrain serve</c> says about itself.</summary>
internal static class ServeOptions
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    public const string Help =
        """
        Description:
          Run the server: the REST API, and the engine that sends and reads.

        Usage:
          refrain serve [--urls URL[;URL…]] [--demo]

        Options:
          --urls URL  Where to listen [default: http://127.0.0.1:5080]
          --demo      Rehearse: a sequence, contacts and a mail world that are all pretence, on a clock that runs fast; nothing leaves the process
          --help      Show this

        Environment:
          REFRAIN_DATA        The folder of the SQLite database [default: ./data]
          REFRAIN_DATABASE    A PostgreSQL connection string, in place of SQLite
          REFRAIN_PUBLIC_URL  Where contacts reach the unsubscribe page [default: the first URL of --urls]
        """;

    public static bool AsksForHelp(string[] args) => args.Any(argument => argument is "--help" or "-h" or "-?");
}
