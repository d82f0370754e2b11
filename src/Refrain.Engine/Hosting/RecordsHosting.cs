using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Refrain.Engine.Access;
using Refrain.Engine.Contacts;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Forecasts;
using Refrain.Engine.Inbound;
using Refrain.Engine.Jobs;
using Refrain.Engine.Loops;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Sending;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;
using Refrain.Engine.Suppressions;
using Refrain.Engine.Tasks;
using Refrain.Engine.Webhooks;

namespace Refrain.Engine.Hosting;

/// <summary>What people and programs read and write, beside the engine that runs.</summary>
public static class RecordsHosting
{
    /// <summary>Data Protection with its key ring in the database. The name binds the keys to Refrain, not to the folder that it runs in.</summary>
    public static IServiceCollection AddRefrainKeyRing(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("Refrain");
        services.AddSingleton<KeyRing>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(all => new ConfigureOptions<KeyManagementOptions>(
            options => options.XmlRepository = all.GetRequiredService<KeyRing>()));
        return services;
    }

    /// <summary>Needs the engine of <see cref="EngineHosting.AddRefrainEngine"/>.</summary>
    public static IServiceCollection AddRefrainRecords(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<FirstAdmin>();
        services.AddSingleton<Users>();
        services.AddSingleton<UserReturns>();
        services.AddSingleton(all => new UserChanges(all.Get<Users>(), all.Get<UserReturns>()));
        services.AddSingleton<ContactNews>();
        services.AddSingleton<ContactBook>();
        services.AddSingleton<ContactQueries>();
        services.AddSingleton<ContactImport>();
        services.AddSingleton<SequenceDesk>();
        services.AddSingleton<SequenceQueries>();
        services.AddSingleton<SequencePauses>();
        services.AddSingleton<PublishRehearsals>();
        services.AddSingleton(all => new Publishing(
            all.Get<Database>(), all.Get<SequenceDesk>(), all.Get<JobWork>(), all.Get<JobQueries>(), all.Get<TimeProvider>()));
        services.AddSingleton<ForecastQueries>();
        services.AddSingleton<SuppressionList>();
        services.AddSingleton<MessageQueries>();
        services.AddSingleton<TaskQueries>();
        services.AddSingleton<EnrollmentQueries>();
        services.AddSingleton<StatsQueries>();
        services.AddSingleton<FailureQueries>();
        services.AddSingleton<BulkVerbs>();
        services.AddSingleton<EnrollRequests>();
        services.AddSingleton<EnrollBatch>();
        services.AddSingleton<MoveBatch>();
        services.AddSingleton<JobClaims>();
        services.AddSingleton<JobWork>();
        services.AddSingleton<JobQueries>();
        services.AddSingleton(all => new EnrollJobs(all.Get<Enrolling>(), all.Get<TimeProvider>()));
        services.AddSingleton<MailboxQueries>();
        services.AddSingleton(all => new MailboxRegister(all.Get<Database>(), all.Get<MailboxSecrets>(), all.Get<Wakeups>(), all.Get<TimeProvider>()));
        services.AddSingleton(all => new MailboxChecks(all.Get<Database>(), all.Get<MailboxHealthKeeper>()));
        services.AddSingleton(all => new WhyQueries(all.Get<Database>(), all.Get<DoorFacts>(), all.Get<SendForesight>(), all.Get<TimeProvider>()));
        services.AddHostedService<JobLoop>();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<WebhookPost>();
        services.AddSingleton(all => new WebhookRegister(all.Get<Database>(), all.Get<WebhookSecrets>(), all.Get<TimeProvider>(), all.Get<Wakeups>()));
        services.AddHostedService<WebhookLoop>();
        return services;
    }

    private static T Get<T>(this IServiceProvider services) where T : notnull => services.GetRequiredService<T>();
}
