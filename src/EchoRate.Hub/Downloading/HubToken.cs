using EchoRate.Hub.Cache;

namespace EchoRate.Hub.Downloading;

/// <summary>The user's access token. It is read once and goes into one header; nothing prints it.</summary>
public sealed class HubToken
{
    private const int MostCharacters = 1000;

    private readonly string _value;

    private HubToken(string value) => _value = value;

    /// <summary>The header's value.</summary>
    internal string Bearer => "Bearer " + _value;

    /// <summary>The user's token: <c>HF_TOKEN</c>, else the token file of Hugging Face's own programs; null where there is none.</summary>
    /// <exception cref="HubException">What is there cannot be a token.</exception>
    public static HubToken? Find(HubEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment.Value("HF_TOKEN") is { } named)
        {
            return Of(named, "HF_TOKEN");
        }
        string file = environment.TokenFile;
        try
        {
            using StreamReader reader = new(file);
            char[] text = new char[MostCharacters + 1];
            string value = new string(text, 0, reader.ReadBlock(text)).Trim();
            return value.Length == 0 ? null : Of(value, file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Nothing of the token.</summary>
    public override string ToString() => "(token)";

    // What is wrong is said without the value: it stays a secret when it is wrong too.
    private static HubToken Of(string value, string where) =>
        value.Length <= MostCharacters && value.All(c => c is > ' ' and <= '~')
            ? new HubToken(value)
            : throw new HubException(
                HubFailure.Settings,
                $"{where} does not hold a token: one word of plain characters is needed, as huggingface.co/settings/tokens shows it"
            );
}
