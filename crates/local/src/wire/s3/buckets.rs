//! Buckets: made, listed, looked at, removed.

use s3s::S3Response;
use s3s::dto::{
    Bucket, BucketLocationConstraint, CreateBucketInput, CreateBucketOutput, DeleteBucketInput, DeleteBucketOutput, GetBucketLocationInput,
    GetBucketLocationOutput, GetBucketVersioningInput, GetBucketVersioningOutput, HeadBucketInput, HeadBucketOutput, ListBucketsInput,
    ListBucketsOutput, Owner,
};

use super::details::time;
use super::{Answer, blocking};
use crate::objects::Objects;

/// Where a bucket is unless it is asked for elsewhere.
const REGION: &str = "us-east-1";
/// The canonical id of the account.
const OWNER: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

pub(super) async fn list(objects: &Objects, asked: ListBucketsInput) -> Answer<ListBucketsOutput> {
    let objects = objects.clone();
    let mut buckets = blocking(move || objects.buckets()).await?;
    let prefix = asked.prefix.clone().unwrap_or_default();
    let after = asked.continuation_token.unwrap_or_default();
    let region = asked.bucket_region.map(|region| region.as_str().to_owned());
    buckets.retain(|bucket| bucket.name.starts_with(&prefix) && bucket.name > after);
    buckets.retain(|bucket| region.as_ref().is_none_or(|region| bucket.region == *region));
    let most = asked.max_buckets.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let more = buckets.len() > most;
    buckets.truncate(most);
    let continuation_token = buckets.last().filter(|_| more).map(|last| last.name.clone());
    let buckets = buckets.into_iter().map(|bucket| Bucket {
        bucket_region: Some(bucket.region),
        creation_date: Some(time(bucket.created)),
        name: Some(bucket.name),
    });
    let owner = Some(Owner { display_name: None, id: Some(OWNER.into()) });
    Ok(S3Response::new(ListBucketsOutput { buckets: Some(buckets.collect()), continuation_token, owner, prefix: asked.prefix }))
}

pub(super) async fn create(objects: &Objects, asked: CreateBucketInput) -> Answer<CreateBucketOutput> {
    let location = Some(format!("/{}", asked.bucket));
    let constraint = asked.create_bucket_configuration.and_then(|configuration| configuration.location_constraint);
    let region = constraint.map_or_else(|| REGION.to_owned(), |region| region.as_str().to_owned());
    let objects = objects.clone();
    blocking(move || objects.create_bucket(&asked.bucket, &region)).await?;
    Ok(S3Response::new(CreateBucketOutput { location }))
}

pub(super) async fn delete(objects: &Objects, asked: DeleteBucketInput) -> Answer<DeleteBucketOutput> {
    let objects = objects.clone();
    blocking(move || objects.delete_bucket(&asked.bucket)).await?;
    Ok(S3Response::new(DeleteBucketOutput {}))
}

pub(super) async fn head(objects: &Objects, asked: HeadBucketInput) -> Answer<HeadBucketOutput> {
    let objects = objects.clone();
    let bucket = blocking(move || objects.bucket(&asked.bucket)).await?;
    Ok(S3Response::new(HeadBucketOutput { bucket_region: Some(bucket.region), ..HeadBucketOutput::default() }))
}

/// `us-east-1` has no name here, because it was there before the others.
pub(super) async fn location(objects: &Objects, asked: GetBucketLocationInput) -> Answer<GetBucketLocationOutput> {
    let objects = objects.clone();
    let bucket = blocking(move || objects.bucket(&asked.bucket)).await?;
    let location_constraint = Some(bucket.region).filter(|region| region != REGION).map(BucketLocationConstraint::from);
    Ok(S3Response::new(GetBucketLocationOutput { location_constraint }))
}

/// Versioning was never switched on.
pub(super) async fn versioning(objects: &Objects, asked: GetBucketVersioningInput) -> Answer<GetBucketVersioningOutput> {
    let objects = objects.clone();
    blocking(move || objects.bucket(&asked.bucket)).await?;
    Ok(S3Response::new(GetBucketVersioningOutput::default()))
}
