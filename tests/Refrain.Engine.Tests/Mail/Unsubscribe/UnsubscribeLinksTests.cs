using CsCheck;
using Microsoft.AspNetCore.DataProtection;
using Refrain.Core;
using Refrain.Engine.Mail.Unsubscribe;

namespace Refrain.Engine.Tests.Mail.Unsubscribe;

public sealed class UnsubscribeLinksTests
{
    private readonly UnsubscribeLinks links = new(new EphemeralDataProtectionProvider());
    private readonly EnrollmentId enrollment = EnrollmentId.New();
    private readonly ContactId contact = ContactId.New();

    [Fact]
    public void a_token_tells_whom_it_is_for()
    {
        links.TryRead(links.TokenFor(enrollment, contact, 41), out var claim).ShouldBeTrue();

        claim.ShouldBe(new UnsubscribeClaim(enrollment, contact, 41));
    }

    [Fact]
    public void a_token_is_opaque_and_fits_a_link()
    {
        var token = links.TokenFor(enrollment, contact, 0);

        token.ShouldMatch("^[A-Za-z0-9_-]{1,250}$");
        token.ShouldNotContain(contact.ToString());
    }

    [Fact]
    public void one_changed_letter_spoils_it()
    {
        var token = links.TokenFor(enrollment, contact, 7);

        // The last letter carries bits that base64url leaves unused.
        Gen.Int[0, token.Length - 2].Sample(place => links.TryRead(token.Remove(place, 1).Insert(place, token[place] == 'A' ? "B" : "A"), out _).ShouldBeFalse());
    }

    [Fact]
    public void a_token_of_somebody_else_is_refused() =>
        links.TryRead(new UnsubscribeLinks(new EphemeralDataProtectionProvider()).TokenFor(enrollment, contact, 0), out _).ShouldBeFalse();

    [Fact]
    public void any_text_is_refused_without_an_exception() => Gen.String.Sample(text => links.TryRead(text, out _).ShouldBeFalse());
}
