using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;
using Refrain.Core;

namespace Refrain.Engine.Storage;

/// <summary>How ids and instants are stored: uuid and timestamptz on PostgreSQL; 16 bytes, big-endian so that they sort by age, and ticks since 1970 on SQLite.</summary>
internal static class TypeHandlers
{
    private static int registered;

    public static void Register()
    {
        if (Interlocked.Exchange(ref registered, 1) == 1) return;
        SqlMapper.RemoveTypeMap(typeof(Guid));
        SqlMapper.RemoveTypeMap(typeof(Guid?));
        SqlMapper.AddTypeHandler(new Id<Guid>(id => id, id => id));
        SqlMapper.AddTypeHandler(new Id<WorkspaceId>(id => id.Value, value => new(value)));
        SqlMapper.AddTypeHandler(new Id<UserId>(id => id.Value, value => new(value)));
        SqlMapper.AddTypeHandler(new Id<MailboxId>(id => id.Value, value => new(value)));
        SqlMapper.AddTypeHandler(new Id<ContactId>(id => id.Value, value => new(value)));
        SqlMapper.AddTypeHandler(new Id<SequenceId>(id => id.Value, value => new(value)));
        SqlMapper.AddTypeHandler(new Id<StepId>(id => id.Value, value => new(value)));
        SqlMapper.AddTypeHandler(new Id<EnrollmentId>(id => id.Value, value => new(value)));
        SqlMapper.AddTypeHandler(new Id<MessageId>(id => id.Value, value => new(value)));
        SqlMapper.AddTypeHandler(new Id<TaskId>(id => id.Value, value => new(value)));
        SqlMapper.AddTypeHandler(new Id<JobId>(id => id.Value, value => new(value)));
        SqlMapper.AddTypeHandler(new InstantHandler());
    }

    private sealed class Id<T>(Func<T, Guid> value, Func<Guid, T> make) : SqlMapper.TypeHandler<T>
    {
        public override void SetValue(IDbDataParameter parameter, T? id)
        {
            if (parameter is SqliteParameter sqlite)
            {
                sqlite.SqliteType = SqliteType.Blob;
                sqlite.Value = value(id!).ToByteArray(bigEndian: true);
            }
            else
            {
                parameter.DbType = DbType.Guid;
                parameter.Value = value(id!);
            }
        }

        public override T Parse(object stored) => make(stored is byte[] bytes ? new Guid(bytes, bigEndian: true) : (Guid)stored);
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<Instant>
    {
        public override void SetValue(IDbDataParameter parameter, Instant value)
        {
            if (parameter is SqliteParameter sqlite)
            {
                sqlite.SqliteType = SqliteType.Integer;
                sqlite.Value = value.ToUnixTimeTicks();
            }
            else
            {
                parameter.DbType = DbType.DateTime;
                parameter.Value = value.ToDateTimeUtc();
            }
        }

        public override Instant Parse(object value) => value is long ticks
            ? Instant.FromUnixTimeTicks(ticks)
            : Instant.FromDateTimeUtc(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));
    }
}
