namespace EchoRate.Machine.Probing;

/// <summary>
/// Asks what only a process that loads libraries can answer. A process holds one llama.cpp for good, and a library may take the process with it: so
/// each question has a process of its own.
/// </summary>
public interface IBackendProbe
{
    /// <summary>Loads llama.cpp from a folder and tells its version and devices.</summary>
    /// <param name="folder">The folder of its libraries.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    Task<FolderAnswer> LookAsync(string folder, CancellationToken cancellation);

    /// <summary>Has an engine load the libraries that it finds by itself, and tells what it took.</summary>
    /// <param name="engine">The engine's name.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    Task<FolderAnswer> LookAtEngineAsync(string engine, CancellationToken cancellation);

    /// <summary>Opens one library and tells what is missing.</summary>
    /// <param name="library">Full path of the library.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    Task<LoaderAnswer> OpenAsync(string library, CancellationToken cancellation);
}
