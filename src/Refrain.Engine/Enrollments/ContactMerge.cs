using Refrain.Engine.Mail.Templates;

namespace Refrain.Engine.Enrollments;

/// <summary>What templates are merged with.</summary>
internal static class ContactMerge
{
    public static MergeContact Of(DoorContact contact) =>
        new(contact.FirstName, contact.LastName, contact.Email, contact.Company, contact.Title, contact.Phone, contact.Fields);
}
