using System.Net;
using System.Security.Cryptography;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Pulling;

/// <summary>
/// Brings one file's bytes into a cache: appended to <c>….incomplete</c>, hashed while they arrive, and given their name only when size and
/// SHA-256 are right. What a broken line or a killed process leaves is hashed again from the disk and gone on with.
/// </summary>
internal sealed class FileDownloader(HubClient client, HubTiming timing, RemoteFile file)
{
    private const int BufferBytes = 1 << 18;

    // Tries are counted anew after so much: a line that breaks now and then still brings 20 GB.
    private const long Progress = 1 << 20;

    private readonly byte[] _buffer = new byte[BufferBytes];

    /// <summary>Bytes that an earlier download left.</summary>
    public static long BytesHere(string blob) =>
        new FileInfo(Incomplete(blob)) is { Exists: true } begun ? begun.Length : 0;

    private static string Incomplete(string blob) => blob + ".incomplete";

    /// <summary>Downloads the file; the caller holds the blob's lock.</summary>
    public async Task<string> DownloadAsync(
        string? sha256,
        string blob,
        Action<long> arrived,
        CancellationToken cancellation
    )
    {
        var incomplete = Incomplete(blob);
        var retry = new Retry(timing);
        var isSecond = false;
        var best = 0L;
        while (true)
        {
            try
            {
                var found = await TryAsync(incomplete, arrived, cancellation);
                if (sha256 is null || found == sha256)
                {
                    File.Move(incomplete, blob, overwrite: true);
                    return found;
                }
                File.Delete(incomplete);
                // Tried once more from the first byte: the beginning may be what another program left.
                if (isSecond)
                {
                    throw new HubException(
                        $"{file.Address}: the bytes that arrived have sha256 {found}, not {sha256}; twice, and nothing was kept"
                    );
                }
                isSecond = true;
            }
            catch (HubException failure)
            {
                var now = BytesHere(blob);
                if (now - best >= Progress)
                {
                    best = now;
                    retry.Reset();
                }
                await retry.PauseAsync(failure, cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new HubException(
                    $"{file.Address}: {incomplete} cannot be written: {Wording.Plain(e.Message)}; what arrived is kept: run the command again to go on",
                    e
                );
            }
        }
    }

    private async Task<string> TryAsync(
        string incomplete,
        Action<long> arrived,
        CancellationToken cancellation
    )
    {
        // Never through a link: what it points to is not ours to write.
        if (new FileInfo(incomplete).LinkTarget is not null)
        {
            File.Delete(incomplete);
        }
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        };
        using var disk = new FileStream(incomplete, options);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (disk.Length > file.Bytes)
        {
            disk.SetLength(0);
        }
        for (int n; (n = await disk.ReadAsync(_buffer, cancellation)) > 0; )
        {
            hash.AppendData(_buffer, 0, n);
            arrived(disk.Position);
        }
        if (disk.Position < file.Bytes)
        {
            await FetchAsync(disk, hash, arrived, cancellation);
        }
        if (disk.Position < file.Bytes)
        {
            throw Broken($"the line broke off at byte {disk.Position} of {file.Bytes}");
        }
        disk.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Appends to what is there; where the server knows no ranges, from the first byte.
    private async Task FetchAsync(
        FileStream disk,
        IncrementalHash hash,
        Action<long> arrived,
        CancellationToken cancellation
    )
    {
        // By commit, not by branch: what was described is what is fetched, whatever is pushed meanwhile.
        var address = file.Address with
        {
            Revision = file.Commit,
        };
        using var answer = await client.OpenAsync(address, disk.Position, cancellation);
        var first = FirstByte(answer);
        if (first != disk.Position && first != 0)
        {
            disk.SetLength(0);
            throw Broken("the server answers with other bytes than were asked for");
        }
        if (first != disk.Position)
        {
            hash.GetHashAndReset();
            disk.SetLength(0);
        }
        using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        for (int n; (n = await ReadAsync(body, cancellation)) > 0; )
        {
            if (disk.Position + n > file.Bytes)
            {
                disk.SetLength(0);
                throw Broken("the server sends more bytes than the file has");
            }
            await disk.WriteAsync(_buffer.AsMemory(0, n), cancellation);
            hash.AppendData(_buffer, 0, n);
            arrived(disk.Position);
        }
    }

    // Which byte of the file an answer begins with; null where it does not belong to this file.
    private long? FirstByte(HttpResponseMessage answer)
    {
        var headers = answer.Content.Headers;
        return answer.StatusCode switch
        {
            HttpStatusCode.OK when (headers.ContentLength ?? file.Bytes) == file.Bytes => 0,
            HttpStatusCode.PartialContent
                when headers.ContentRange is { } range
                    && (range.Length ?? file.Bytes) == file.Bytes => range.From,
            _ => null,
        };
    }

    private async Task<int> ReadAsync(Stream body, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(timing.Stall);
        try
        {
            return await body.ReadAsync(_buffer, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Broken("nothing arrives any more");
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw Broken("the line broke: " + Wording.Plain(e.Message));
        }
    }

    private HubException Broken(string what) =>
        new($"{file.Address}: {what}") { IsTransient = true };
}
