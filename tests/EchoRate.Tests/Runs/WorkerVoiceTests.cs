using System.Text;
using EchoRate.Runs.Workers;

namespace EchoRate.Tests.Runs;

/// <summary>A worker's words on a pipe that nobody reads for a while.</summary>
public sealed class WorkerVoiceTests
{
    [Fact]
    public async Task Signs_of_life_do_not_queue_up_behind_a_pipe_that_is_full()
    {
        using var pipe = new StuckPipe();
        using var voice = new WorkerVoice(pipe);
        var row = Task.Run(
            () => voice.SayRow(new byte[1 << 17]),
            TestContext.Current.CancellationToken
        );
        // Several signs of life fall due meanwhile.
        await Task.Delay(TimeSpan.FromSeconds(3.2), TestContext.Current.CancellationToken);
        Assert.False(row.IsCompleted);

        pipe.Open();
        await row;
        await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        voice.Dispose();

        Assert.InRange(pipe.SignsOfLife, 0, 2);
    }

    private sealed class StuckPipe : MemoryStream
    {
        private readonly ManualResetEventSlim _isOpen = new();

        public int SignsOfLife => Encoding.UTF8.GetString(ToArray()).Split("\"alive\"").Length - 1;

        public void Open() => _isOpen.Set();

        // Every other way to write ends here.
        public override void Write(byte[] buffer, int offset, int count)
        {
            _isOpen.Wait();
            base.Write(buffer, offset, count);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _isOpen.Set();
            }
            base.Dispose(disposing);
        }
    }
}
