using EchoRate.Core.Engine;

namespace EchoRate.Core.Probes;

/// <summary>Reads the rows of a decoded batch, several at once where the engine has several threads.</summary>
internal static class RowReader
{
    /// <summary>Calls <paramref name="read"/> for every row from 0 on; it must not write what another row's call reads.</summary>
    public static void Read(IModelSession session, int count, Action<int> read)
    {
        var threads = Math.Max(1, session.Report.Threads);
        if (threads > 1 && count > 1)
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, read);
            return;
        }
        for (var slot = 0; slot < count; slot++)
        {
            read(slot);
        }
    }
}
