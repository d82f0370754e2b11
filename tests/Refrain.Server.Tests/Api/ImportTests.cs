using System.Text;
using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class ImportTests
{
    [Theory]
    [OnEveryDatabase]
    public async Task wrong_rows_are_named_and_the_others_are_kept(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        (await server.Api.PostAsync("contacts", """{"email":"bob@there.test","firstName":"Bob","company":"There","fields":{"color":"red"}}""")).ShouldBe(201);
        var result = await ImportAsync(server, "Email;First Name;Favourite colour\nzoe@there.test;Zoë;blue\nnot an address;X;\nBOB@there.test;Robert;green\nzoe@there.test;again;\n");
        (result.Member("created"), result.Member("updated"), result.Member("refused")).ShouldBe(("1", "1", "2"));
        result.Json.GetProperty("errors").EnumerateArray().Select(error => $"{error.GetProperty("row")} {error.GetProperty("code")}").ShouldBe(["3 invalid_address", "5 repeated_address"]);
        var zoe = (await server.Api.GetAsync("contacts?email=zoe@there.test")).Items[0];
        zoe.GetProperty("firstName").GetString().ShouldBe("Zoë");
        zoe.GetProperty("fields").GetProperty("favourite_colour").GetString().ShouldBe("blue");
        var bob = (await server.Api.GetAsync("contacts?email=bob@there.test")).Items[0];
        (bob.GetProperty("firstName").GetString(), bob.GetProperty("company").GetString()).ShouldBe(("Robert", "There"));
        bob.GetProperty("fields").GetRawText().ShouldBe("""{"color":"red","favourite_colour":"green"}""");
    }

    [Theory]
    [OnEveryDatabase]
    public async Task the_same_file_again_changes_nothing(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var file = new StringBuilder("email,firstName,score\n");
        for (var row = 0; row < 1200; row++) file.Append(System.Globalization.CultureInfo.InvariantCulture, $"c{row}@there.test,Name {row},{row}\n");
        (await ImportAsync(server, file.ToString())).Member("created").ShouldBe("1200");
        var again = await ImportAsync(server, file.ToString());
        (again.Member("created"), again.Member("updated"), again.Member("refused")).ShouldBe(("0", "0", "0"));
    }

    [Fact]
    public async Task known_contacts_can_be_left_alone()
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.PostAsync("contacts", """{"email":"bob@there.test","firstName":"Bob"}""")).ShouldBe(201);
        (await ImportAsync(server, "email,first_name\nbob@there.test,Robert\n", "?onExisting=skip")).Member("updated").ShouldBe("0");
        (await server.Api.GetAsync("contacts?email=bob@there.test")).Items[0].GetProperty("firstName").GetString().ShouldBe("Bob");
        (await server.Api.SendAsync("POST", "contacts/import?onExisting=merge", "email\n", "text/csv")).ShouldBe(422).Errors.ShouldBe(["onExisting: invalid_value"]);
    }

    [Fact]
    public async Task a_file_that_is_no_table_of_contacts_is_refused()
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.SendAsync("POST", "contacts/import", "name,company\nBob,There\n", "text/csv")).ShouldBe(422).Errors.ShouldBe(["header: no_email_column"]);
        (await server.Api.SendAsync("POST", "contacts/import", "email,E-Mail\nBob,There\n", "text/csv")).ShouldBe(422).Errors.ShouldBe(["header: repeated_column"]);
        (await ImportAsync(server, "email\n\"bob@there.test\n")).Json.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("not_csv");
    }

    private static async Task<Reply> ImportAsync(ApiServer server, string csv, string query = "") =>
        (await server.Api.SendAsync("POST", $"contacts/import{query}", csv, "text/csv")).ShouldBe(200);
}
