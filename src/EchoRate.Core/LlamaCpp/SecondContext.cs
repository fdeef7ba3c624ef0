using EchoRate.Core.Engine;

namespace EchoRate.Core.LlamaCpp;

/// <summary>A second context is worth having and never needed: where it cannot be made, the first one works alone.</summary>
public static class SecondContext
{
    /// <summary>Makes the second context where it is asked for and can be had.</summary>
    /// <param name="options">How the file is loaded.</param>
    /// <param name="log">The log of loading.</param>
    /// <param name="make">Makes a context, or throws <see cref="EngineException"/>.</param>
    /// <param name="lines">What llama.cpp logged of what was really made.</param>
    /// <returns>The context; null where there is to be none, and where there is no memory for it.</returns>
    public static T? TryMake<T>(
        LoadOptions options,
        LogScope log,
        Func<T> make,
        out IReadOnlyList<string> lines
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(make);
        lines = log.Lines;
        if (options.Contexts < 2)
        {
            return null;
        }
        try
        {
            var made = make();
            lines = log.Lines;
            return made;
        }
        catch (EngineException e)
        {
            options.Log?.Invoke(
                $"no second context, so batches are decoded and read in turn: {e.Message}"
            );
            return null;
        }
    }
}
