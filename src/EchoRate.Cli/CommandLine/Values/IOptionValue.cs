namespace EchoRate.Cli.CommandLine.Values;

/// <summary>A value that reads itself and says what is allowed, so that the two cannot disagree.</summary>
internal interface IOptionValue<TSelf>
    where TSelf : class, IOptionValue<TSelf>
{
    /// <summary>What is allowed, for an error.</summary>
    static abstract string Allowed { get; }

    /// <summary>The value of a text; null where the text is not allowed.</summary>
    static abstract TSelf? Read(string text);
}
