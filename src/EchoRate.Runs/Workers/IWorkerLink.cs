namespace EchoRate.Runs.Workers;

/// <summary>The parent's end of one worker.</summary>
internal interface IWorkerLink : IDisposable
{
    /// <summary>Waits for the worker's next line.</summary>
    /// <param name="line">The line, UTF-8, without its end.</param>
    /// <param name="wait">How long at most.</param>
    WorkerNews Next(out byte[] line, TimeSpan wait);

    /// <summary>Asks for an end after the row.</summary>
    void Stop();

    /// <summary>Ends the worker at once.</summary>
    void Kill();

    /// <summary>How the worker ended; asked when it has nothing more to say.</summary>
    WorkerDeath WaitForDeath();
}

/// <summary>What waiting for a worker's next line gave.</summary>
internal enum WorkerNews
{
    /// <summary>A line.</summary>
    Line,

    /// <summary>Nothing yet.</summary>
    Nothing,

    /// <summary>The worker has nothing more to say.</summary>
    End,
}
