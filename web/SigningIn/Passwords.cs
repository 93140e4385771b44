using ErrorPipeline.Shared.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>PBKDF2 with HMAC-SHA512 and a salt per password. The work factor is OWASP's advice of 2023 for this function.</summary>
internal sealed class Passwords
{
    public const int Shortest = 12;

    private readonly PasswordHasher<User> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
    private readonly string _nobody;

    public Passwords() => _nobody = Hash(Guid.NewGuid().ToString());

    public string Hash(string password) => _hasher.HashPassword(null!, password);

    /// <summary>Takes as long for an account that does not exist, so that time does not tell which do.</summary>
    public bool Matches(User? user, string password) =>
        _hasher.VerifyHashedPassword(user!, user?.PasswordHash ?? _nobody, password) != PasswordVerificationResult.Failed && user is not null;
}
