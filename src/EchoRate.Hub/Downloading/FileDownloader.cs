using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Downloading;

/// <summary>
/// Brings one file's bytes into a cache: appended to <c>….incomplete</c>, hashed while they arrive, and given their name only when size and
/// SHA-256 are right. What a broken line or a killed process leaves is hashed again from the disk and gone on with.
/// </summary>
internal sealed class FileDownloader(HubClient client, HubTiming timing)
{
    // A wrong hash is tried once more from the first byte: the beginning may be what another program left.
    private const int MostWrongHashes = 2;

    private const int BufferBytes = 1 << 18;

    /// <summary>Downloads a file; the caller holds the blob's lock.</summary>
    /// <param name="file">What the hub said of it.</param>
    /// <param name="sha256">What its hash must be; null where nobody said.</param>
    /// <param name="incomplete">Where the bytes are collected.</param>
    /// <param name="blob">Their name in the end.</param>
    /// <param name="arrived">Told how many bytes are there.</param>
    /// <param name="cancellation">Stops; what arrived stays for the next time.</param>
    /// <returns>The content's SHA-256.</returns>
    /// <exception cref="HubException">It could not be brought; nothing bears the final name.</exception>
    public async Task<string> DownloadAsync(
        RemoteFile file,
        string? sha256,
        string incomplete,
        string blob,
        Action<long> arrived,
        CancellationToken cancellation
    )
    {
        Backoff backoff = new(timing);
        int wrongHashes = 0;
        long best = 0;
        while (true)
        {
            try
            {
                string found = await TryAsync(file, incomplete, arrived, cancellation)
                    .ConfigureAwait(false);
                if (sha256 is null || found == sha256)
                {
                    File.Move(incomplete, blob, overwrite: true);
                    return found;
                }
                File.Delete(incomplete);
                if (++wrongHashes == MostWrongHashes)
                {
                    throw new HubException(
                        HubFailure.Mismatch,
                        $"{file.Address}: the bytes that arrived have sha256 {found}, not {sha256}; twice, and nothing was kept"
                    );
                }
            }
            catch (HubException failure)
            {
                long now = Length(incomplete);
                if (now - best >= timing.Progress)
                {
                    best = now;
                    backoff.Reset();
                }
                await backoff.PauseAsync(failure, cancellation).ConfigureAwait(false);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw DiskFailure(file, incomplete, problem);
            }
        }
    }

    private async Task<string> TryAsync(
        RemoteFile file,
        string incomplete,
        Action<long> arrived,
        CancellationToken cancellation
    )
    {
        // Never through a link: whatever it points to is not ours to write.
        if (new FileInfo(incomplete).LinkTarget is not null)
        {
            File.Delete(incomplete);
        }
        using FileStream disk = new(
            incomplete,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Read,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            }
        );
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (disk.Length > file.Bytes)
        {
            disk.SetLength(0);
        }
        long have = await RehashAsync(disk, hash, arrived, cancellation).ConfigureAwait(false);
        if (have < file.Bytes)
        {
            have = await FetchAsync(file, disk, hash, have, arrived, cancellation)
                .ConfigureAwait(false);
        }
        if (have < file.Bytes)
        {
            throw Broken(
                file,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the line broke off at byte {have} of {file.Bytes}"
                )
            );
        }
        disk.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task<long> RehashAsync(
        FileStream disk,
        IncrementalHash hash,
        Action<long> arrived,
        CancellationToken cancellation
    )
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long have = 0;
            for (
                int n;
                (n = await disk.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;

            )
            {
                hash.AppendData(buffer, 0, n);
                have += n;
                arrived(have);
            }
            return have;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<long> FetchAsync(
        RemoteFile file,
        FileStream disk,
        IncrementalHash hash,
        long have,
        Action<long> arrived,
        CancellationToken cancellation
    )
    {
        // By commit, not by branch: what was described is what is fetched, whatever is pushed meanwhile.
        HubAddress address = file.Address with
        {
            Revision = file.Commit,
        };
        using HttpResponseMessage answer = await client
            .OpenAsync(address, have, cancellation)
            .ConfigureAwait(false);
        if (FirstByte(answer, file) is not { } first || (first != have && first != 0))
        {
            disk.SetLength(0);
            throw Broken(file, "the server answers with other bytes than were asked for");
        }
        if (first != have)
        {
            // Ranges are not served here: all over again.
            hash.GetHashAndReset();
            disk.SetLength(0);
            have = 0;
        }
        disk.Position = have;
        using Stream body = await answer
            .Content.ReadAsStreamAsync(cancellation)
            .ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (true)
            {
                int n = await ReadAsync(body, buffer, file, cancellation).ConfigureAwait(false);
                if (n == 0)
                {
                    return have;
                }
                if (have + n > file.Bytes)
                {
                    disk.SetLength(0);
                    throw Broken(file, "the server sends more bytes than the file has");
                }
                await disk.WriteAsync(buffer.AsMemory(0, n), cancellation).ConfigureAwait(false);
                hash.AppendData(buffer, 0, n);
                have += n;
                arrived(have);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Which byte of the file an answer begins with; null where it does not belong to this file.
    private static long? FirstByte(HttpResponseMessage answer, RemoteFile file)
    {
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            return answer.Content.Headers.ContentLength is { } length && length != file.Bytes
                ? null
                : 0;
        }
        return
            answer.StatusCode == HttpStatusCode.PartialContent
            && answer.Content.Headers.ContentRange is { From: { } from } range
            && (range.Length is null || range.Length == file.Bytes)
            ? from
            : null;
    }

    private async Task<int> ReadAsync(
        Stream body,
        byte[] buffer,
        RemoteFile file,
        CancellationToken cancellation
    )
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation
        );
        patience.CancelAfter(timing.Stall);
        try
        {
            return await body.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Broken(file, "nothing arrives any more");
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException)
        {
            throw Broken(file, "the line broke: " + Wording.Plain(problem.Message));
        }
    }

    private static long Length(string path) =>
        new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static HubException Broken(RemoteFile file, string what) =>
        new(HubFailure.Unreachable, $"{file.Address}: {what}") { IsTransient = true };

    private static HubException DiskFailure(
        RemoteFile file,
        string incomplete,
        Exception problem
    ) =>
        new(
            HubFailure.NoRoom,
            $"{file.Address}: {incomplete} cannot be written: {Wording.Plain(problem.Message)}; what arrived is kept: run the command again to go on",
            problem
        );
}
