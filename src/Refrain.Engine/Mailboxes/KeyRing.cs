using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Mailboxes;

/// <summary>
/// Data Protection's key ring, in the database: every node reads the same, and a backup or a move takes it along. Keys are never removed, so an unsubscribe
/// link holds for ever.
/// </summary>
public sealed class KeyRing(Database database) : IXmlRepository
{
    private const string AllSql = "select xml from data_protection_key order by id";
    private const string InsertSql = "insert into data_protection_key (id, xml) values (@id, @xml) on conflict (id) do nothing";

    public IReadOnlyCollection<XElement> GetAllElements() => database.ReadNow(connection => connection.Query<string>(AllSql).Select(XElement.Parse).ToList());

    public void StoreElement(XElement element, string friendlyName) =>
        database.WriteNow((connection, transaction) => connection.Execute(InsertSql, new { id = friendlyName, xml = element.ToString(SaveOptions.DisableFormatting) }, transaction));
}
