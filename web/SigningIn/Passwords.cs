using System.Buffers.Binary;
using System.Security.Cryptography;
using ErrorPipeline.Shared.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>PBKDF2 with HMAC-SHA512 and a salt per password. The work factor is OWASP's advice of 2023 for this function.</summary>
internal sealed class Passwords
{
    public const int Shortest = 12;
    private const int Iterations = 210_000;

    private readonly PasswordHasher<User> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private readonly string _nobody = OfNoPassword();

    public string Hash(string password) => _hasher.HashPassword(null!, password);

    /// <summary>Takes as long for an account that does not exist, so that time does not tell which do.</summary>
    public bool Matches(User? user, string password) =>
        _hasher.VerifyHashedPassword(user!, user?.PasswordHash ?? _nobody, password) != PasswordVerificationResult.Failed && user is not null;

    /// <summary>In the form of PasswordHasher's version 3: marker, function (HMAC-SHA512), iterations, length of the salt, salt, key; these at random.</summary>
    private static string OfNoPassword()
    {
        const int salt = 16, key = 32, head = 13;
        Span<byte> hash = stackalloc byte[head + salt + key];
        RandomNumberGenerator.Fill(hash);
        hash[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(hash[1..], 2);
        BinaryPrimitives.WriteInt32BigEndian(hash[5..], Iterations);
        BinaryPrimitives.WriteInt32BigEndian(hash[9..], salt);
        return Convert.ToBase64String(hash);
    }
}
