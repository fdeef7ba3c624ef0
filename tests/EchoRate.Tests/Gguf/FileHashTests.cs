using System.Security.Cryptography;

namespace EchoRate.Tests.Gguf;

public sealed class FileHashTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(3_500_000)]
    public void The_hash_is_that_of_all_bytes_whatever_the_pieces(int length)
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var path = folder.Write("file", bytes);
        var told = new List<long>();

        var hash = FileHash.Sha256(path, TestContext.Current.CancellationToken, told.Add);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), hash);
        Assert.Equal(length, told.LastOrDefault());
        Assert.Equal(told.Order(), told);
    }

    [Fact]
    public void It_stops_on_request()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("file", new byte[5 << 20]);
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() =>
            FileHash.Sha256(path, stop.Token, _ => stop.Cancel())
        );
        // Nobody holds the file any more.
        File.Delete(path);
    }
}
