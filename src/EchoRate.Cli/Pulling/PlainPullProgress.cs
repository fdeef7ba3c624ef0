using EchoRate.Hub.Pulling;

namespace EchoRate.Cli.Pulling;

/// <summary>Progress on a pipe: a line when a file is done, and one every half minute of a long one.</summary>
internal sealed class PlainPullProgress(TextWriter error, TimeProvider clock) : IPullProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<WantedFile, State> _files = [];

    public void Planned(int files, long bytes)
    {
        if (PullWords.Plan(files, bytes) is { } line)
        {
            Note(line);
        }
    }

    public void Begin(WantedFile file, long bytes, bool fetching)
    {
        lock (_lock)
        {
            _files[file] = new State(bytes, clock.GetTimestamp());
        }
    }

    public void Arrived(WantedFile file, long bytes)
    {
        lock (_lock)
        {
            var state = _files[file];
            // What lay here from before is no part of the rate.
            state.First ??= bytes;
            state.Last = bytes;
            if (clock.GetElapsedTime(state.Said) >= Pause)
            {
                state.Said = clock.GetTimestamp();
                error.WriteLine(
                    PullWords.Far(
                        file,
                        bytes,
                        state.Bytes,
                        bytes - state.First.Value,
                        clock.GetElapsedTime(state.Begun)
                    )
                );
            }
        }
    }

    public void Note(string line)
    {
        lock (_lock)
        {
            error.WriteLine(line);
        }
    }

    public void End(PullResult result)
    {
        lock (_lock)
        {
            var state = _files.GetValueOrDefault(result.Wanted);
            error.WriteLine(
                PullWords.End(
                    result,
                    state?.Last ?? 0,
                    state is null ? TimeSpan.Zero : clock.GetElapsedTime(state.Begun)
                )
            );
        }
    }

    private sealed class State(long bytes, long begun)
    {
        public long Bytes { get; } = bytes;

        public long Begun { get; } = begun;

        public long Said { get; set; } = begun;

        public long? First { get; set; }

        public long Last { get; set; }
    }
}
