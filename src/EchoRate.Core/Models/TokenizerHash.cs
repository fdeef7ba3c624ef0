using System.Buffers.Binary;
using System.Security.Cryptography;
using EchoRate.Gguf;

namespace EchoRate.Core.Models;

/// <summary>A hash over an array of a header: equal hashes are equal vocabularies, scores, merges.</summary>
internal static class TokenizerHash
{
    /// <summary>The SHA-256, 64 hex digits.</summary>
    public static string Of(GgufValue array)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(array.RawBytes);
        Span<byte> length = stackalloc byte[4];
        // Length before bytes, so that no two lists of texts give the same stream.
        for (var index = 0; index < (array.Texts?.Count ?? 0); index++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, array.Texts![index].Length);
            hash.AppendData(length);
            hash.AppendData(array.Texts[index]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
