using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Inbound;
using Refrain.Engine.Loops;
using Refrain.Engine.Mail;
using Refrain.Engine.Mail.Imap;
using Refrain.Engine.Mail.Smtp;
using Refrain.Engine.Mail.Templates;
using Refrain.Engine.Mail.Unsubscribe;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Sending;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Hosting;

/// <summary>Puts the engine together. What differs between the real world and the rehearsal (the clock, the two mail ports) is added before this is called.</summary>
public static class EngineHosting
{
    /// <summary>The stores and the door. Needs <see cref="Database"/>, <see cref="EngineSettings"/> and Data Protection.</summary>
    public static IServiceCollection AddRefrainStores(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Wakeups>();
        services.AddSingleton<EmailTemplates>();
        services.AddSingleton<UnsubscribeLinks>();
        services.AddSingleton<SequenceCatalog>();
        services.AddSingleton<MessageIdKey>();
        services.AddSingleton<Intents>();
        services.AddSingleton<DoorFacts>();
        services.AddSingleton<DoorTasks>();
        services.AddSingleton<DoorEffects>();
        services.AddSingleton<GuardFactsReader>();
        services.AddSingleton<MailboxSecrets>();
        services.AddSingleton<MailboxAccounts>();
        services.AddSingleton(all => new EnrollmentStore(all.Get<Database>(), all.Get<DoorFacts>(), all.Get<DoorEffects>(), all.Get<Wakeups>()));
        services.AddSingleton(all => new Enrolling(
            all.Get<Database>(), all.Get<SequenceCatalog>(), all.Get<GuardFactsReader>(), all.Get<TimeProvider>(), all.Get<Wakeups>()));
        services.AddSingleton(all => new OptOuts(all.Get<Database>(), all.Get<EnrollmentStore>(), all.Get<TimeProvider>(), all.Get<Wakeups>()));
        services.AddSingleton(all => new SenderMoves(all.Get<Database>(), all.Get<EnrollmentStore>(), all.Get<TimeProvider>(), all.Get<Wakeups>()));
        services.AddSingleton(all => new TaskVerbs(all.Get<Database>(), all.Get<EnrollmentStore>(), all.Get<TimeProvider>(), all.Get<Wakeups>()));
        return services;
    }

    /// <summary>What sends and reads, with the loops, and what people and programs read and write.</summary>
    public static IServiceCollection AddRefrainEngine(this IServiceCollection services)
    {
        services.AddRefrainStores();
        services.AddRefrainRecords();
        services.TryAddSingleton<IMailSender, SmtpMailSender>();
        services.TryAddSingleton<IInbox, ImapInbox>();
        services.AddSingleton(all => new MailboxHealthKeeper(all.Get<Database>(), all.Get<EnrollmentStore>(), all.Get<IMailSender>(), all.Get<IInbox>(),
            all.Get<MailboxAccounts>(), all.Get<TimeProvider>(), all.Get<Wakeups>()));
        services.AddSingleton<Nodes>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<Outcomes>();
        services.AddSingleton<WaitingLanes>();
        services.AddSingleton<SendForesight>();
        services.AddSingleton<SlotRelease>();
        services.AddSingleton<SentCopies>();
        services.AddSingleton<InboundMatcher>();
        services.AddSingleton<DeliveryReports>();
        services.AddSingleton<Absences>();
        services.AddSingleton<InboundSignals>();
        services.AddSingleton<InboundMail>();
        services.AddSingleton<AbsenceReplay>();
        services.AddSingleton<Overtaking>();
        services.AddSingleton(all => new Corrections(all.Get<Database>(), all.Get<EnrollmentStore>(), all.Get<DoorFacts>(), all.Get<InboundSignals>(), all.Get<Overtaking>(), all.Get<AbsenceReplay>(),
            all.Get<TimeProvider>(), all.Get<Wakeups>()));
        services.AddSingleton<MailboxReaders>();
        services.AddSingleton<DueSteps>();
        services.AddSingleton<DueBatch>();
        services.AddSingleton<EnrollmentClaims>();
        services.AddSingleton<EngineQuiet>();
        services.AddHostedService<HeartbeatLoop>();
        services.AddHostedService<ListenLoop>();
        services.AddHostedService<AnnounceLoop>();
        services.AddHostedService<RescueLoop>();
        services.AddHostedService<AdvanceLoop>();
        services.AddHostedService<SendLoop>();
        services.AddHostedService<InboxLoop>();
        services.AddHostedService<PruneLoop>();
        return services;
    }

    private static T Get<T>(this IServiceProvider services) where T : notnull => services.GetRequiredService<T>();
}
