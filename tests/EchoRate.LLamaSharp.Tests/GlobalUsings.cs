global using EchoRate.EngineContracts;
global using Xunit;
