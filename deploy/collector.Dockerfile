# Build from the root of the repository: docker build -f deploy/collector.Dockerfile .

FROM node:20-bookworm-slim AS snippet
WORKDIR /src/snippet
COPY snippet/package.json snippet/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY snippet/ ./
RUN npm run build

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY shared/ shared/
COPY collector/ collector/
COPY snippet/Snippet.targets snippet/
COPY deploy/Shipped.props deploy/
COPY --from=snippet /src/snippet/dist snippet/dist
# CI=true: exactly the package versions of the lock files.
RUN CI=true dotnet publish collector -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app
COPY deploy/healthy /app/healthy
# A new volume takes over this folder's owner, so that the process can write without being root.
RUN mkdir /data && chown $APP_UID:$APP_UID /data
ENV ERRORPIPELINE_URLS=http://+:8080 ERRORPIPELINE_DATADIRECTORY=/data
WORKDIR /data
VOLUME /data
EXPOSE 8080
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["/app/healthy"]
ENTRYPOINT ["dotnet", "/app/ErrorPipeline.Collector.dll"]
