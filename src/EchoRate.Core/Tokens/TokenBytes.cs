namespace EchoRate.Core.Tokens;

/// <summary>
/// A token as rows carry it: its id and the bytes that it stands for, possibly half a character, so that a row can be read without the
/// model.
/// </summary>
public sealed record TokenBytes(int Id, byte[] Bytes)
{
    public bool Equals(TokenBytes? other) =>
        other is not null && Id == other.Id && Bytes.AsSpan().SequenceEqual(other.Bytes);

    public override int GetHashCode() => Id;
}
