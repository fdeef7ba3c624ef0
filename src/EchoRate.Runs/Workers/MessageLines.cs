namespace EchoRate.Runs.Workers;

/// <summary>Cuts a stream of bytes into lines.</summary>
internal static class MessageLines
{
    /// <summary>The lines, without their ends. What stands behind the last line end was cut off, and is left out.</summary>
    public static IEnumerable<byte[]> Of(Stream stream)
    {
        var buffer = new byte[1 << 16];
        var filled = 0;
        for (int read; (read = stream.Read(buffer, filled, buffer.Length - filled)) > 0; )
        {
            var searched = filled;
            filled += read;
            var start = 0;
            for (
                int length;
                (length = Array.IndexOf(buffer, (byte)'\n', searched, filled - searched)) >= 0;

            )
            {
                yield return buffer[start..length];
                start = searched = length + 1;
            }
            Array.Copy(buffer, start, buffer, 0, filled - start);
            filled -= start;
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }
    }
}
